import { Leg } from '../controls/leg.tsx';
import { pathOf, route } from '../route.ts';
import { words } from '../words/words.ts';

/** The way to what did not go through; it stands under the list as long as there is something. */
export function AttentionLink({ count }: { count: number }) {
  return (
    <a
      class="attention-link"
      href={pathOf({ page: 'attention' })}
      aria-current={route.value.page === 'attention' ? 'page' : undefined}
    >
      <Leg name="failed" />
      {words.attentionCount(count)}
    </a>
  );
}
