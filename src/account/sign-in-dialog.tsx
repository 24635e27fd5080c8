import { useRef, useState } from 'preact/hooks';
import { type AskError, ask } from '../commands.ts';
import { Dialog } from '../controls/dialog.tsx';
import { Trouble } from '../controls/trouble.tsx';
import { keepAllDrafts } from '../conversation/drafts.ts';
import { readConversationList } from '../read/read-conversation-list.ts';
import { useReading } from '../read/use-reading.ts';
import { navigate } from '../route.ts';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';

type SignInTrouble = AskError | 'fill-in';

const emailTroubles: ReadonlySet<SignInTrouble> = new Set(['bad-email', 'email-taken']);
const passwordTroubles: ReadonlySet<SignInTrouble> = new Set(['wrong-password', 'weak-password']);

/** Signs in to an account or creates one; what is on this device comes along. */
export function SignInDialog({ onClose }: { onClose: () => void }) {
  const user = standing.value?.user ?? null;
  const [email, setEmail] = useState(user?.email ?? '');
  const [password, setPassword] = useState('');
  const [trouble, setTrouble] = useState<SignInTrouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [along, setAlong] = useState(true);
  const here = useReading(
    'anything here',
    (database) => readConversationList(database, 1),
    () => true,
  );
  const asks = user === null && here?.conversations.length === 1;
  const emailBox = useRef<HTMLInputElement>(null);
  const passwordBox = useRef<HTMLInputElement>(null);

  const complain = (about: SignInTrouble, box: typeof emailBox) => {
    setTrouble(about);
    box.current?.focus();
  };

  const enter = async (how: 'sign-in' | 'create-account') => {
    if (busy) return;
    if (email.trim() === '' || password === '') {
      return complain('fill-in', email.trim() === '' ? emailBox : passwordBox);
    }
    if (emailBox.current?.validity.typeMismatch) return complain('bad-email', emailBox);
    setBusy(true);
    setTrouble(null);
    const before = standing.value?.database;
    await keepAllDrafts();
    const apart = asks && !along ? { apart: true as const } : {};
    const answer = await ask({ do: how, email: email.trim(), password, ...apart });
    setBusy(false);
    if (answer.ok) {
      // Another account has other conversations than the one that may be open.
      if (answer.standing.database !== before) navigate({ page: 'list' });
      return onClose();
    }
    complain(answer.error, emailTroubles.has(answer.error) ? emailBox : passwordBox);
  };

  return (
    <Dialog title={words.signIn} onClose={onClose}>
      <p class="quiet">{user !== null ? words.signInAgainWhy : along ? words.comesWithYou : words.staysHere}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter('sign-in');
        }}
        noValidate
      >
        <label class="field">
          <span>{words.email}</span>
          <input
            class="input"
            type="email"
            ref={emailBox}
            autoComplete="username"
            value={email}
            aria-invalid={trouble !== null && emailTroubles.has(trouble)}
            aria-describedby="sign-in-trouble"
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{words.password}</span>
          <input
            class="input"
            type="password"
            ref={passwordBox}
            autoComplete="current-password"
            value={password}
            aria-invalid={trouble !== null && passwordTroubles.has(trouble)}
            aria-describedby="sign-in-trouble"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        {asks && (
          <label class="choice">
            <input type="checkbox" checked={along} onChange={(event) => setAlong(event.currentTarget.checked)} />
            {words.bringAlong}
          </label>
        )}
        <Trouble id="sign-in-trouble">
          {trouble && (trouble === 'fill-in' ? words.fillIn : words.commandErrors[trouble])}
        </Trouble>
        <div class="actions stacked">
          <button type="submit" class="button button-main" aria-disabled={busy}>
            {words.signIn}
          </button>
          <button type="button" class="button" aria-disabled={busy} onClick={() => void enter('create-account')}>
            {words.createAccount}
          </button>
        </div>
        <p class="small quiet" aria-live="polite">
          {busy ? words.working : ''}
        </p>
      </form>
    </Dialog>
  );
}
