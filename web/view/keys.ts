// Enter sends, Shift+Enter makes a line; Enter that chooses a word in an input method does neither.

import type { KeyboardEvent } from "react";

export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.nativeEvent.isComposing;
}
