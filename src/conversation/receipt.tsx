import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from '../controls/icon.tsx';
import type { ShownMessage } from '../read/read-messages.ts';
import { syncs } from '../sync/syncs.ts';
import { exactTimeOfDay, timeOfDay } from '../words/times.ts';
import { words } from '../words/words.ts';
import { receiptStations } from './receipt-stations.ts';

/** The time under a message; it opens the message's way with its times. */
export function Receipt({ message }: { message: ShownMessage }) {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const time = timeOfDay(message.at);
  return (
    <>
      <button
        type="button"
        class="receipt-open"
        ref={opener}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={words.receiptAt(time)}
        onClick={() => setOpen(!open)}
      >
        <time dateTime={new Date(message.at).toISOString()}>{time}</time>
      </button>
      {open && (
        <ReceiptSheet
          message={message}
          onClose={() => {
            setOpen(false);
            opener.current?.focus();
          }}
        />
      )}
    </>
  );
}

function ReceiptSheet({ message, onClose }: { message: ShownMessage; onClose: () => void }) {
  const sheet = useRef<HTMLDivElement>(null);
  const closeButton = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    closeButton.current?.focus({ preventScroll: true });
    sheet.current?.scrollIntoView({ block: 'nearest' });
    const outside = (event: Event) => {
      if (event.target instanceof Node && !sheet.current?.parentElement?.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, []);
  const stations = receiptStations(message, syncs.value);
  return (
    <>
      <div class="receipt-scrim" aria-hidden="true" onClick={onClose} />
      <div
        class="receipt floating"
        role="dialog"
        aria-labelledby={id}
        ref={sheet}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      >
        <div class="receipt-head">
          <h2 id={id}>{words.receipt}</h2>
          <button
            type="button"
            class="button button-icon"
            ref={closeButton}
            aria-label={words.close}
            title={words.close}
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </div>
        <ol class="stations">
          {stations.map((station, i) => (
            <li
              class="station"
              key={station.words}
              data-open={station.at === null || undefined}
              data-next-open={stations[i + 1]?.at === null || undefined}
            >
              <span>{station.words}</span>
              <time>{station.at === null ? words.receiptNotYet : exactTimeOfDay(station.at)}</time>
              {station.note && <p>{station.note}</p>}
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
