// The open conversation is in the page's address (#id): a reload comes back to it, and so does the browser's back button.

import { chats } from "./chats.ts";

export function keepAddress(): void {
  const shown = () => location.hash.slice(1) || undefined;
  const follow = () => {
    chats.select(shown());
  };
  follow();
  window.addEventListener("popstate", follow);
  chats.store.subscribe(() => {
    const { currentId } = chats.store.get();
    if (currentId !== shown())
      history.pushState(null, "", currentId === undefined ? location.pathname : `#${currentId}`);
  });
}
