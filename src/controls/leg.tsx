/** Where something stands between this device and the server, drawn. */
export type LegName = 'local' | 'saved' | 'sending' | 'sent' | 'unconfirmed' | 'failed' | 'offline' | 'problem';

const ways: Record<Exclude<LegName, 'local'>, string[]> = {
  saved: [],
  sending: [],
  sent: ['M6.5 6h19'],
  unconfirmed: ['M6.5 6h11', 'M24.5 3.6a2.1 2.1 0 1 1 3 1.9c-.75.35-1 .8-1 1.5M26.5 10v.01'],
  failed: ['M6.5 6h4M21.5 6h4', 'M13.25 3.25l5.5 5.5M18.75 3.25l-5.5 5.5'],
  offline: ['M6.5 6h6M12.5 3v6', 'M19.5 3v6M19.5 6h6'],
  problem: ['M6.5 6h5M20.5 6h5', 'M16 1.5v5.75M16 10.5v.01'],
};

/** The leg: two stations and the way between. Start is this device, end is the server. Words always stand beside it. */
export function Leg({ name }: { name: LegName }) {
  if (name === 'local') {
    return (
      <svg class="leg leg-local" viewBox="0 0 8 12" aria-hidden="true">
        <circle class="solid" cx="4" cy="6" r="2.5" />
      </svg>
    );
  }
  return (
    <svg class="leg" viewBox="0 0 32 12" aria-hidden="true">
      <circle class="solid" cx="4" cy="6" r="2.5" />
      {ways[name].map((way) => (
        <path key={way} d={way} />
      ))}
      {name === 'saved' && <path class="dots" d="M10.6 6h11" />}
      {name === 'sending' && <path class="traveller" d="M8.5 6h8M13.5 3l3 3-3 3" />}
      {name !== 'unconfirmed' && <circle class={name === 'sent' ? 'solid' : ''} cx="28" cy="6" r="2.5" />}
    </svg>
  );
}
