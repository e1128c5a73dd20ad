// The whole page: conversations beside the open one; on a phone they come in a drawer.

import { Dialog } from "@base-ui/react/dialog";
import { useEffect, useState } from "react";
import { chats } from "../state/chats.ts";
import { useStore } from "../state/store.ts";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { ModelsDialog } from "./models-dialog.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Thread } from "./thread.tsx";

export function App() {
  const { currentId, conversations, running } = useStore(chats.store);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [modelsOpen, setModelsOpen] = useState(false);
  const current = conversations.find(({ id }) => id === currentId);
  const answering = current !== undefined && running.has(current.id);
  useEscape(answering);
  useEffect(() => {
    document.title = current ? `${current.title} · anyqwen` : "anyqwen";
  }, [current]);
  const openSettings = () => {
    setDrawerOpen(false);
    setSettingsOpen(true);
  };
  return (
    <div className="page">
      <button type="button" className="skip-link" onClick={focusMessage}>
        Skip to the message field
      </button>
      <nav className="sidebar" aria-label="Conversations">
        <Sidebar onSettings={openSettings} onChosen={() => {}} />
      </nav>
      <Dialog.Root open={drawerOpen} onOpenChange={setDrawerOpen}>
        <div className="conversation">
          <Header conversation={current} onDrawer={() => setDrawerOpen(true)} onModels={() => setModelsOpen(true)} />
          <Thread key={currentId ?? "new"} conversation={current} answering={answering} onSettings={openSettings} />
          <Composer conversation={current} answering={answering} />
        </div>
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup className="drawer">
            <Dialog.Title className="visually-hidden">Conversations</Dialog.Title>
            <Sidebar onSettings={openSettings} onChosen={() => setDrawerOpen(false)} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <SettingsDialog open={settingsOpen} onOpenChange={setSettingsOpen} />
      <ModelsDialog open={modelsOpen} onOpenChange={setModelsOpen} />
    </div>
  );
}

function focusMessage(): void {
  document.getElementById("message")?.focus();
}

/** Escape stops the answer, unless it closes something first. */
function useEscape(answering: boolean): void {
  useEffect(() => {
    if (!answering) return;
    const stop = (event: KeyboardEvent) => {
      const open = document.querySelector("[role=dialog], [role=alertdialog], [role=menu]");
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && !open) chats.stop();
    };
    window.addEventListener("keydown", stop);
    return () => window.removeEventListener("keydown", stop);
  }, [answering]);
}
