/** Lays a database out as version 1 did. */
export function layVersion1(db: IDBDatabase): void {
  db.createObjectStore('state', { keyPath: 'key' });
  const conversations = db.createObjectStore('conversations', { keyPath: 'id' });
  conversations.createIndex('rank', 'rank');
  conversations.createIndex('trashRank', 'trashRank');
  db.createObjectStore('messages', { keyPath: 'id' }).createIndex('place', ['conversation', 'rank']);
  db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('order', 'order');
  db.createObjectStore('tombstones', { keyPath: 'id' });
  db.createObjectStore('drafts', { keyPath: 'conversation' });
  db.createObjectStore('quarantine', { keyPath: 'id' });
}
