import { useEffect, useState } from 'preact/hooks';
import { openSignIn } from '../account/account-dialogs.tsx';
import { planWords } from '../account/plan-words.ts';
import { ScaleBar } from '../controls/scale-bar.tsx';
import { PaneBar } from '../conversation/pane-bar.tsx';
import { standing } from '../standing.ts';
import { syncFacts } from '../sync/sync-facts.ts';
import { amountOfBytes } from '../words/amounts.ts';
import { words } from '../words/words.ts';
import { chooseSingleKeys, singleKeys } from './single-keys.ts';
import { chooseTheme, theme, themes } from './theme.ts';

/** What people can choose, and what Atlas uses on this device. */
export function SettingsPage() {
  return (
    <>
      <PaneBar title={words.settings} />
      <div class="page">
        <div class="page-column">
          <Appearance />
          <Keyboard />
          <Storage />
          <Plan />
        </div>
      </div>
    </>
  );
}

function Appearance() {
  return (
    <section aria-labelledby="settings-appearance">
      <h2 class="section-title" id="settings-appearance">
        {words.appearance}
      </h2>
      <ul class="lines">
        <li>
          <p aria-hidden="true">{words.theme}</p>
          <fieldset class="segmented">
            <legend class="visually-hidden">{words.theme}</legend>
            {themes.map((name) => (
              <label key={name}>
                <input type="radio" name="theme" checked={theme.value === name} onChange={() => chooseTheme(name)} />
                {words.themes[name]}
              </label>
            ))}
          </fieldset>
        </li>
      </ul>
    </section>
  );
}

function Keyboard() {
  return (
    <section aria-labelledby="settings-keyboard">
      <h2 class="section-title" id="settings-keyboard">
        {words.keyboard}
      </h2>
      <ul class="lines">
        <li>
          <div>
            <p aria-hidden="true">{words.keyboardShortcuts}</p>
            <p class="help" id="settings-keyboard-help">
              {words.keyboardShortcutsHelp}
            </p>
          </div>
          <input
            class="switch"
            type="checkbox"
            role="switch"
            aria-label={words.keyboardShortcuts}
            aria-describedby="settings-keyboard-help"
            checked={singleKeys.value}
            aria-checked={singleKeys.value}
            onChange={(event) => chooseSingleKeys(event.currentTarget.checked)}
          />
        </li>
      </ul>
    </section>
  );
}

function Storage() {
  const [estimate, setEstimate] = useState<StorageEstimate | null>(null);
  useEffect(() => {
    void navigator.storage?.estimate?.().then(setEstimate);
  }, []);
  const used = estimate?.usage;
  const quota = estimate?.quota;
  return (
    <section aria-labelledby="settings-storage">
      <h2 class="section-title" id="settings-storage">
        {words.storage}
      </h2>
      {used === undefined || !quota ? (
        <p class="quiet">{words.storageUnknown}</p>
      ) : (
        <ScaleBar
          role="meter"
          name={words.storageUsed}
          percent={(100 * used) / quota}
          said={words.used(amountOfBytes(used))}
          start={words.used(amountOfBytes(used))}
          end={words.available(amountOfBytes(Math.max(0, quota - used)))}
        />
      )}
    </section>
  );
}

function Plan() {
  const user = standing.value?.user ?? null;
  const plan = planWords(user !== null, syncFacts.value?.state ?? null);
  return (
    <section aria-labelledby="settings-plan">
      <h2 class="section-title" id="settings-plan">
        {words.plan}
      </h2>
      <ul class="lines">
        <li>
          <div>
            <p>{user === null ? words.noAccount : [user.email, plan.name].filter(Boolean).join(' · ')}</p>
            <p class="help">{plan.help}</p>
          </div>
          {user === null && (
            <button type="button" class="button" onClick={openSignIn}>
              {words.signIn}
            </button>
          )}
        </li>
      </ul>
    </section>
  );
}
