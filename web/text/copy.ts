// Text to the clipboard, also where the page was opened over plain HTTP and browsers keep their newer clipboard to themselves.

export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const active = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  if (active instanceof HTMLElement) active.focus();
}
