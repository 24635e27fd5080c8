import { openSignIn } from '../account/account-dialogs.tsx';
import { Mark } from '../controls/mark.tsx';
import { standing } from '../standing.ts';
import { syncs } from '../sync/syncs.ts';
import { words } from '../words/words.ts';
import { workerState } from '../worker-registration.ts';
import { focusComposer } from './composer-focus.ts';
import { draftOf, typeText } from './drafts.ts';

/** What stands where there are no messages yet; a starter fills the composer. */
export function Beginning() {
  const say = words.firstRun;
  // Without a worker nothing is stored, and the notice above says so.
  const canStore = workerState.value !== 'impossible' && workerState.value !== 'failed';
  const begin = (starter: string) => {
    typeText(draftOf('new'), `${starter} `);
    focusComposer();
  };
  return (
    <div class="empty">
      <div class="empty-inner">
        <Mark place="large" />
        <h2>{say.question}</h2>
        {canStore && <p class="quiet">{syncs.value ? say.explanation : say.localExplanation}</p>}
        <ul class="starters">
          {say.starters.map((starter) => (
            <li key={starter}>
              <button type="button" onClick={() => begin(starter)}>
                {starter}
              </button>
            </li>
          ))}
        </ul>
        {standing.value?.user === null && (
          <p class="narrow-only quiet">
            {say.haveAccount}{' '}
            <button type="button" class="button button-quiet button-small" onClick={openSignIn}>
              {words.signIn}
            </button>
          </p>
        )}
      </div>
    </div>
  );
}
