import { signal } from '@preact/signals';
import { SignInDialog } from './sign-in-dialog.tsx';
import { unsentQuestion } from './sign-out.ts';
import { UnsentDialog } from './unsent-dialog.tsx';

const signingIn = signal(false);

/** Shows the dialog to sign in or to create an account. */
export function openSignIn(): void {
  signingIn.value = true;
}

/** The dialogs of the account, where one is wanted. */
export function AccountDialogs() {
  return (
    <>
      {signingIn.value && (
        <SignInDialog
          onClose={() => {
            signingIn.value = false;
          }}
        />
      )}
      {unsentQuestion.value && <UnsentDialog trouble={unsentQuestion.value.trouble} />}
    </>
  );
}
