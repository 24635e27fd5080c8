import { MenuButton, type MenuItem } from '../controls/menu.tsx';
import { navigate } from '../route.ts';
import { standing } from '../standing.ts';
import { syncFacts } from '../sync/sync-facts.ts';
import { words } from '../words/words.ts';
import { openSignIn } from './account-dialogs.tsx';
import { planWords } from './plan-words.ts';
import { signOut } from './sign-out.ts';

/** Who is signed in, and signing in and out. */
export function AccountMenu() {
  const user = standing.value?.user ?? null;
  const state = syncFacts.value?.state ?? null;
  const mustSignIn = user === null || state?.problem?.code === 'signed-out';
  const items: MenuItem[] = [];
  if (mustSignIn) {
    items.push({ icon: 'account', words: user === null ? words.signIn : words.signInAgain, act: openSignIn });
  }
  items.push({ icon: 'settings', words: words.settings, act: () => navigate({ page: 'settings' }) });
  items.push({ icon: 'trash', words: words.trash, act: () => navigate({ page: 'trash' }) });
  if (user !== null) items.push({ icon: 'signOut', words: words.signOut, act: () => void signOut('ask') });
  const plan = planWords(user !== null, state);
  return (
    <MenuButton
      name={words.account}
      icon="account"
      items={items}
      head={
        <>
          <p class="strong">{user?.email ?? words.noAccount}</p>
          <p class="small quiet">{plan.help}</p>
        </>
      }
    />
  );
}
