import { useState } from 'preact/hooks';
import { CopyText } from '../controls/copy-text.tsx';
import { Icon } from '../controls/icon.tsx';
import { Leg } from '../controls/leg.tsx';
import { paneHeading } from '../conversation/pane-heading.ts';
import { paragraphs } from '../conversation/paragraphs.ts';
import { now } from '../now.ts';
import type { AttentionItem } from '../read/read-attention.ts';
import { pathOf } from '../route.ts';
import { ago } from '../words/times.ts';
import { words } from '../words/words.ts';
import { attentionWhy, canRetry } from './attention-words.ts';
import { discardAttention, putIntoNewConversation, retryRefused } from './decide.ts';
import { DiscardQuestion } from './discard-question.tsx';

/** One thing that did not go through: its text, why, and what can be done. */
export function AttentionCard({ item }: { item: AttentionItem }) {
  const [asking, setAsking] = useState(false);
  // What was pressed goes with its card, and the focus must not go with it.
  const settle = async (deciding: Promise<boolean>) => {
    if (await deciding) paneHeading.current?.focus();
  };
  const discard = () => {
    // Its messages would go with it, and they are nowhere else.
    if (item.is === 'conversation') setAsking(true);
    else void settle(discardAttention(item));
  };
  return (
    <li class="card">
      <div>
        <p class="state" data-tone="danger">
          <Leg name="failed" />
          <span class="state-label">{words.attentionStates[item.is]}</span>
        </p>
        <p class="why">{attentionWhy(item)}</p>
      </div>
      {item.text !== '' && (
        <div class="prose card-text">
          {paragraphs(item.text).map((paragraph, i) => (
            <p key={i} dir="auto">
              {paragraph}
            </p>
          ))}
        </div>
      )}
      <Facts item={item} />
      <div class="actions">
        {canRetry(item) ? (
          <button type="button" class="button button-small" onClick={() => void settle(retryRefused(item.id))}>
            <Icon name="retry" />
            {words.retry}
          </button>
        ) : (
          <button type="button" class="button button-small" onClick={() => void settle(putIntoNewConversation(item))}>
            <Icon name="plus" />
            {words.putIntoNew}
          </button>
        )}
        {item.text !== '' && <CopyText text={item.text} />}
        <button type="button" class="button button-small button-quiet" onClick={discard}>
          {words.discard}
        </button>
      </div>
      {asking && (
        <DiscardQuestion
          title={item.text}
          onClose={() => setAsking(false)}
          onDiscard={() => void settle(discardAttention(item))}
        />
      )}
    </li>
  );
}

function Facts({ item }: { item: AttentionItem }) {
  const { conversation, at, attempts, is } = item;
  const facts: string[] = [];
  if (at !== null) facts.push(words.written(ago(at, now.value)));
  if (attempts > 1 && canRetry(item)) facts.push(words.tried(attempts));
  const linked = is === 'conversation' ? null : conversation;
  if (linked === null && facts.length === 0) return null;
  return (
    <p class="small quiet">
      {linked && (
        <a href={pathOf({ page: 'conversation', id: linked.id })} dir="auto">
          {linked.title || words.untitled}
        </a>
      )}
      {linked && facts.length > 0 && ' · '}
      {facts.join(' · ')}
    </p>
  );
}
