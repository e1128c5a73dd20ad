// Conversations in the browser's own database, one record each. They never leave this machine but as requests to the server.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Conversation } from "./conversation.ts";

interface Schema extends DBSchema {
  conversations: { key: string; value: Conversation };
}

export interface ConversationStorage {
  all(): Promise<Conversation[]>;
  put(conversation: Conversation): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Fails where the browser refuses to keep anything (some do in private windows). */
export async function openStorage(): Promise<ConversationStorage> {
  const database: IDBPDatabase<Schema> = await openDB<Schema>("anyqwen", 1, {
    upgrade: (created) => {
      created.createObjectStore("conversations", { keyPath: "id" });
    },
  });
  return {
    all: () => database.getAll("conversations"),
    put: async (conversation) => {
      await database.put("conversations", conversation);
    },
    remove: (id) => database.delete("conversations", id),
  };
}
