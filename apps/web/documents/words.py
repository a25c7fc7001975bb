"""What codes mean, in words for a person: actions of the audit log, steps, flags of a prediction, error codes."""

ACTIONS = {
    "document.create": "Uploaded",
    "document.update": "Changed",
    "document.tag": "Tagged",
    "document.refuse_tag": "Tag refused",
    "document.forget_tag": "Word on a tag taken back",
    "document.confirm_tags": "Said to have all its tags",
    "document.trash": "Moved to the trash",
    "document.restore": "Taken out of the trash",
    "document.correct_type": "Type decided",
    "document.correct_bundle": "Split into documents, or kept as one",
    "document.reprocess": "Reading once more",
    "document.retry": "Failed parts tried again",
    "document.rerun_promoted": "Reading made beside promoted",
    "document.rerun_discarded": "Reading made beside discarded",
    "document.fields_anew": "Values read once more",
    "document.correct_field": "Value decided",
    "document.accept": "Accepted automatically",
    "document.correct_acceptance": "Automatic acceptance taken back",
    "document.accounting": "Moved on in accounting",
    "document.accounting_reread": "To be checked again: values were read anew and changed",
    "document.dismiss_warning": "Warning dismissed",
}
ACTION_ICONS = {
    "document.create": "upload",
    "document.update": "pencil",
    "document.tag": "tag",
    "document.refuse_tag": "x",
    "document.forget_tag": "arrow-back-up",
    "document.confirm_tags": "check",
    "document.trash": "trash",
    "document.restore": "restore",
    "document.correct_type": "check",
    "document.correct_bundle": "layout-grid",
    "document.reprocess": "refresh",
    "document.retry": "refresh",
    "document.rerun_promoted": "check",
    "document.rerun_discarded": "trash",
    "document.fields_anew": "refresh",
    "document.correct_field": "check",
    "document.accept": "shield-check",
    "document.correct_acceptance": "arrow-back-up",
    "document.accounting": "coin",
    "document.accounting_reread": "coin",
    "document.dismiss_warning": "bell",
}
STEPS = {
    "read": "Read the file",
    "ocr": "Recognise text",
    "children": "Take in files inside",
    "tables": "Find tables",
    "layout": "Lay out the pages",
    "bundle": "Look for several documents",
    "embed": "Compute meaning",
    "type": "Tell the type",
    "fields": "Read the values",
    "entities": "Find names and places",
}
TRIGGERS = {
    "UPLOAD": "First reading",
    "RETRY": "Another try",
    "REPROCESS": "Reading once more",
    "FIELDS": "Values read anew",
}
FLAGS = {
    "single_source": "The model knows this type from documents of one source only, so it may have learned that source "
    "instead of the type. It is never accepted by itself.",
    "by_description": "No example of this type was ever shown to the model: it compared the text with a description.",
    "unknown_type": "The text is like none of the types that the model knows.",
    "unfitted": "The configured model of types does not say how sure it is. It is never accepted by itself.",
}
# The file itself is the reason for these: another try ends the same.
FILES_OWN_FAULT = frozenset(
    {"encrypted", "wrong_password", "unsupported_type", "empty", "corrupt", "too_large", "too_many_pages"}
)
ADVICE = {
    "encrypted": "Remove the password and upload the file again.",
    "wrong_password": "Remove the password and upload the file again.",
    "unsupported_type": "Save it as PDF, an image, text, HTML or e-mail and upload that.",
    "empty": "Check the file where it came from.",
    "corrupt": "Open it in its own program, save it anew, and upload that.",
    "too_large": "Split the file, or ask the administrator to raise the limit.",
    "too_many_pages": "Split the file, or ask the administrator to raise the limit.",
    "too_many_parts": "Upload the missing files by themselves, or ask the administrator to raise the limit.",
    "too_deep": "Unpack the inner file and upload it by itself.",
    "timed_out": "Trying again may help when the server is less busy.",
    "out_of_memory": "Trying again may help when the server is less busy.",
    "device_full": "Trying again may help when less is computed on the server's card.",
    "device_lost": "The server's card failed each time this was computed. Tell the administrator, then try again.",
    "device_unavailable": "Ask the administrator to look at the server's card, then try again.",
    "crashed": "Trying again may help. If it does not, please report the file's kind as a bug.",
    "page_failed": "The other pages were read. Reading the document again may help.",
    "ocr_unavailable": "Ask the administrator to install recognition data for this language.",
    "worker_lost": "Trying again may help.",
    "type_changed": "Trying again helps: the values are read as the new type.",
    "fields_incomplete": "The other values were read. The details are in the server's log.",
    "internal_error": "The details are in the server's log. Trying again may help.",
}


def flag_words(flag: str) -> str:
    """Explain a flag; unknown ones read as they are."""
    return FLAGS.get(flag, flag.replace("_", " ").capitalize())
