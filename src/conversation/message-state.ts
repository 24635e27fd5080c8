import type { DeliveryState } from '../../contract/database.ts';

/** Where a message stands on its way. */
export type MessageState = 'saved' | 'sending' | 'sent' | 'unconfirmed' | 'failed';

/** The state of a message that the server knows or not, with the state of its entry in the outbox if it has one. */
export function stateOfMessage(onServer: boolean, delivery: DeliveryState | undefined): MessageState {
  switch (delivery) {
    case 'sending':
      return 'sending';
    case 'unconfirmed':
      return 'unconfirmed';
    case 'refused':
      return 'failed';
    default:
      return onServer ? 'sent' : 'saved';
  }
}
