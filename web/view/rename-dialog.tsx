// Gives a conversation another name.

import { Dialog } from "@base-ui/react/dialog";
import { Field } from "@base-ui/react/field";
import type { FormEvent } from "react";
import { chats } from "../state/chats.ts";
import type { Conversation } from "../state/conversation.ts";

interface Props {
  readonly conversation: Conversation | undefined;
  readonly onClose: () => void;
}

export function RenameDialog({ conversation, onClose }: Props) {
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get("name");
    if (conversation && typeof name === "string") chats.rename(conversation.id, name);
    onClose();
  };
  return (
    <Dialog.Root open={conversation !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog small">
          <Dialog.Title className="dialog-title">Rename conversation</Dialog.Title>
          <form onSubmit={save}>
            <Field.Root name="name" className="field">
              <Field.Label>Name</Field.Label>
              <Field.Control defaultValue={conversation?.title} required maxLength={200} autoComplete="off" />
            </Field.Root>
            <div className="dialog-buttons">
              <Dialog.Close className="button quiet">Cancel</Dialog.Close>
              <button type="submit" className="button primary">
                Rename
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
