/** Atlas's mark: a strip of map folded once into an A. */
export function Mark({ place }: { place: 'large' | 'hanging' }) {
  return (
    <svg class={`mark mark-${place}`} viewBox="100 108 312 288" aria-hidden="true">
      <path d="M214 116h84l106 272h-84z" opacity=".45" />
      <path d="M214 116h84L192 388h-84z" />
      <circle cx="256" cy="350" r="32" />
    </svg>
  );
}
