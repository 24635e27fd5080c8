import { PaneBar } from '../conversation/pane-bar.tsx';
import { words } from '../words/words.ts';
import { AttentionCard } from './attention-card.tsx';
import { useAttention } from './use-attention.ts';

/** What did not go through and waits for its writer. */
export function AttentionPage() {
  const items = useAttention();
  return (
    <>
      <PaneBar title={words.attention} />
      <div class="page">
        <section class="page-column" aria-label={words.attention}>
          {items?.length === 0 ? (
            <p class="quiet">{words.attentionNone}</p>
          ) : (
            <p class="quiet">{words.attentionExplanation}</p>
          )}
          <ul class="cards">
            {items?.map((item) => (
              <AttentionCard key={`${item.is} ${item.id}`} item={item} />
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}
