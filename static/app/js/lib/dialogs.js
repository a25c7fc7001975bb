// Native dialogs: a button with data-dialog-open="ID" opens one, data-dialog-close closes its own.
// A form with data-confirm="ID" is sent only after that dialog's data-dialog-confirm button was pressed.

/** Open the dialog with this id; `onConfirm` runs when its confirm button is pressed. */
export function openDialog(id, onConfirm) {
  const dialog = document.getElementById(id);
  const confirm = dialog.querySelector("[data-dialog-confirm]");
  if (confirm && onConfirm) {
    confirm.onclick = () => {
      dialog.close();
      onConfirm();
    };
  }
  dialog.showModal();
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    openDialog(opener.dataset.dialogOpen);
    return;
  }
  if (event.target.closest("[data-dialog-close]") || event.target.matches("dialog.dialog")) {
    event.target.closest("dialog").close();
  }
}

function onSubmit(event) {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  const submitter = event.submitter;
  openDialog(form.dataset.confirm, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  });
}

/** Listen once for the whole page, so that content swapped in later works too. */
export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  // A dialog whose form came back with errors opens by itself.
  document.querySelector("dialog[data-dialog-start]")?.showModal();
}
