"""The design system's tags and filters; docs/frontend.md shows each."""

from datetime import datetime

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from apps.web.looks import FILE_LOOKS, NOTICE_ICONS, STATUS_LOOKS, TYPE_ICONS, FileLook, StatusLook, file_look

register = template.Library()
HIGH, MEDIUM = 0.9, 0.6


@register.simple_tag
def icon(name: str, css_class: str = "", *, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is hidden from screen readers."""
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    href = f"{static('vendor/icons/sprite.svg')}#{name}"
    return format_html('<svg class="icon {}" {}><use href="{}"></use></svg>', css_class, named, href)


@register.filter
def notice_icon(level: str) -> str:
    """Return the icon of a message's level."""
    return NOTICE_ICONS.get(level, "info-circle")


@register.filter
def initials(name: str) -> str:
    """Return one or two letters that stand for a name or an e-mail address."""
    words = name.split("@", maxsplit=1)[0].replace(".", " ").replace("-", " ").replace("_", " ").split()
    return "".join(word[0] for word in words[:2]) or "?"


@register.filter
def humanised(code: str) -> str:
    """Write a code such as `seller_name` as words."""
    return code.replace("_", " ").capitalize()


@register.inclusion_tag("components/status_badge.html")
def status_badge(status: str, label: str = "") -> StatusLook:
    """Show a document's or step's status with icon and words."""
    look = STATUS_LOOKS.get(status.lower(), StatusLook(label=status, icon="circle-dashed", tone="", spins=False))
    return {**look, "label": label or look["label"]}


@register.inclusion_tag("components/type_badge.html")
def type_badge(slug: str | None, label: str = "") -> dict[str, str]:
    """Show a document type by its slug (label: the type's own name, where it has one)."""
    words = label or (slug.replace("_", " ").capitalize() if slug else "Not typed yet")
    return {"icon": TYPE_ICONS.get(slug or "", "file-description" if slug else "circle-dashed"), "label": words}


@register.inclusion_tag("components/confidence.html")
def confidence(value: float | None) -> dict[str, object]:
    """Show a probability (0 to 1) as a bar and per cent; None says that nothing was measured."""
    if value is None:
        return {"value": None}
    level = "high" if value >= HIGH else "medium" if value >= MEDIUM else "low"
    # 0.996 must not read as certainty, nor 0.004 as impossibility.
    percent = min(max(round(value * 100), 0 if value <= 0 else 1), 100 if value >= 1 else 99)
    return {"value": value, "level": level, "percent": percent}


@register.inclusion_tag("components/file_icon.html")
def file_icon(media_type: str) -> FileLook:
    """Show what kind of file this is."""
    return FILE_LOOKS[file_look(media_type)]


@register.inclusion_tag("components/time.html")
def relative_time(moment: datetime | None, missing: str = "never") -> dict[str, object]:
    """Show a moment as "3 minutes ago", the full time in its title."""
    if moment is None:
        return {"moment": None, "missing": missing}
    from_now = timesince(moment, depth=1)
    return {"moment": moment, "text": "just now" if from_now.startswith("0") else f"{from_now} ago"}


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "input"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **attrs: str | bool) -> dict[str, object]:
    """Show a form field with label, help and errors tied to it; further arguments become attributes of the input."""
    widget = bound.field.widget
    kind = _kind(widget)
    if kind == "choices":
        widget.attrs.setdefault("class", "form-check-input")
        return {"field": bound, "kind": kind}
    selects = isinstance(widget, forms.Select)
    attrs["class"] = "form-check-input" if kind == "check" else "form-select" if selects else "form-control"
    if widget.attrs.get("placeholder") == bound.label:
        attrs["placeholder"] = False
    return {"field": bound, "kind": kind, "widget": bound.as_widget(attrs=attrs)}
