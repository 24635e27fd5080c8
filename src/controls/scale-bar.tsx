interface ScaleBarProps {
  role: 'progressbar' | 'meter';
  name: string;
  /** 0 to 100 */
  percent: number;
  said: string;
  start: string;
  end: string;
}

/** Progress and amounts as a map's scale bar. */
export function ScaleBar({ role, name, percent, said, start, end }: ScaleBarProps) {
  return (
    <div class="scale">
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have a name. */}
      <div
        class="scale-track"
        role={role}
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
        aria-valuetext={said}
      >
        <div class="scale-fill" style={{ '--value': `${percent}%` }} />
      </div>
      <div class="scale-ticks" aria-hidden="true">
        {Array.from({ length: 11 }, (_, tick) => (
          <i key={tick} />
        ))}
      </div>
      <p class="scale-ends">
        <span>{start}</span>
        <span>{end}</span>
      </p>
    </div>
  );
}
