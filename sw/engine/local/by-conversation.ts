/** These by the conversation they are of. */
export function byConversation<T extends { conversation: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.conversation);
    if (group === undefined) groups.set(item.conversation, [item]);
    else group.push(item);
  }
  return groups;
}

/** Works on all of them at a time: what one conversation reads does not wait for another. */
export async function each<T>(
  groups: ReadonlyMap<string, T[]>,
  work: (conversation: string, group: T[]) => Promise<void>,
): Promise<void> {
  await Promise.all([...groups].map(([conversation, group]) => work(conversation, group)));
}
