// Files dropped anywhere on the page, those in dropped folders included.

function carriesFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

/** Call `onDrop(dataTransfer)` for files dropped on the page; `veil` is shown while they hover over it. */
export function watchDrops(onDrop, veil) {
  let depth = 0;
  const mark = (isOver) => {
    document.body.classList.toggle("is-dragging", isOver);
    if (veil) veil.hidden = !isOver;
  };
  const leave = () => {
    depth = 0;
    mark(false);
  };
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    mark(true);
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth -= 1;
    if (depth <= 0) leave();
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    leave();
    onDrop(event.dataTransfer);
  });
}

async function inside(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return files;
    for (const child of entries) files.push(...(await inside(child)));
  }
}

/** Return the dropped files; folders give the files within them. */
export async function filesOf(transfer) {
  // Both lists are emptied when the drop event ends, so they are read before anything is awaited.
  const plain = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  return (await Promise.all(entries.map(inside))).flat().filter((file) => !file.name.startsWith("."));
}
