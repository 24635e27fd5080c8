import { useEffect, useState } from 'preact/hooks';
import { openSignIn } from '../account/account-dialogs.tsx';
import { exportText } from '../account/export-text.ts';
import { keepAllDrafts } from '../conversation/drafts.ts';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';
import { lookForUpdate, takeUpdate } from '../worker-registration.ts';
import { syncFacts } from './sync-facts.ts';

/** What a person can do about a problem that waiting does not mend. */
export function ProblemOffer() {
  const problem = standing.value?.user ? syncFacts.value?.state?.problem?.code : undefined;
  if (problem === 'signed-out') {
    return <Offer why={words.signInAgainWhy} does={words.signInAgain} act={async () => openSignIn()} />;
  }
  if (problem === 'account-gone') return <Offer why={words.accountGoneWhy} does={words.exportText} act={exportText} />;
  return problem === 'too-old' ? <UpdateOffer /> : null;
}

function UpdateOffer() {
  const [said, say] = useState<string | null>(null);
  useEffect(() => void lookForUpdate(), []);
  const update = async () => {
    say(words.working);
    await keepAllDrafts();
    say((await takeUpdate()) ? null : words.noUpdateYet);
  };
  return <Offer why={words.tooOldWhy} does={words.update} act={update} said={said} />;
}

interface OfferProps {
  why: string;
  does: string;
  act: () => Promise<unknown>;
  said?: string | null;
}

function Offer({ why, does, act, said }: OfferProps) {
  return (
    <div class="offer needed">
      <p>{why}</p>
      <button type="button" class="button button-small" onClick={() => void act()}>
        {does}
      </button>
      {said !== undefined && <p aria-live="polite">{said}</p>}
    </div>
  );
}
