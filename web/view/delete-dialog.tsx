// Asks before a conversation is gone for good.

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { chats } from "../state/chats.ts";
import type { Conversation } from "../state/conversation.ts";

interface Props {
  readonly conversation: Conversation | undefined;
  readonly onClose: () => void;
}

export function DeleteDialog({ conversation, onClose }: Props) {
  const remove = () => {
    if (conversation) chats.remove(conversation.id);
    onClose();
  };
  return (
    <AlertDialog.Root open={conversation !== undefined} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog small">
          <AlertDialog.Title className="dialog-title">Delete this conversation?</AlertDialog.Title>
          <AlertDialog.Description className="dialog-text">
            “{conversation?.title}” is kept in this browser only; once deleted it cannot be brought back.
          </AlertDialog.Description>
          <div className="dialog-buttons">
            <AlertDialog.Close className="button quiet">Cancel</AlertDialog.Close>
            <button type="button" className="button danger" onClick={remove}>
              Delete
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
