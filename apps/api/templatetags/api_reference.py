"""Tags of the reference page: the schema's texts, with `code` between backticks."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def code_line(text: str) -> SafeString:
    """Show a text; what stands between backticks is code."""
    parts = text.strip().split("`")
    shown = (format_html("<code>{}</code>" if place % 2 else "{}", part) for place, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in shown))


@register.simple_tag
def code_words(text: str) -> SafeString:
    """Show a text's paragraphs; what stands between backticks is code."""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    return format_html_join("\n", "<p>{}</p>", ((code_line(part),) for part in paragraphs))
