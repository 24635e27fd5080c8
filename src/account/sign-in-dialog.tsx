import { useRef, useState } from 'preact/hooks';
import { type AskError, ask } from '../commands.ts';
import { Dialog } from '../controls/dialog.tsx';
import { Trouble } from '../controls/trouble.tsx';
import { keepAllDrafts } from '../conversation/drafts.ts';
import { navigate } from '../route.ts';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';

/** Signs in to an account or creates one; what is on this device comes along. */
export function SignInDialog({ onClose }: { onClose: () => void }) {
  const user = standing.value?.user ?? null;
  const [email, setEmail] = useState(user?.email ?? '');
  const [password, setPassword] = useState('');
  const [trouble, setTrouble] = useState<AskError | 'fill-in' | null>(null);
  const [busy, setBusy] = useState(false);
  const passwordBox = useRef<HTMLInputElement>(null);

  const enter = async (how: 'sign-in' | 'create-account') => {
    if (busy) return;
    if (email.trim() === '' || password === '') return setTrouble('fill-in');
    setBusy(true);
    setTrouble(null);
    const before = standing.value?.database;
    await keepAllDrafts();
    const answer = await ask({ do: how, email: email.trim(), password });
    setBusy(false);
    if (answer.ok) {
      // Another account has other conversations than the one that may be open.
      if (answer.standing.database !== before) navigate({ page: 'list' });
      return onClose();
    }
    setTrouble(answer.error);
    passwordBox.current?.focus();
  };

  return (
    <Dialog title={words.signIn} onClose={onClose}>
      <p class="quiet">{user === null ? words.comesWithYou : words.signInAgainWhy}</p>
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
            autoComplete="username"
            value={email}
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
            aria-invalid={trouble === 'wrong-password' || trouble === 'weak-password'}
            aria-describedby="sign-in-trouble"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
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
