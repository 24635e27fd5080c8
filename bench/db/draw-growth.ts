import type { Growth } from './measure-growth.ts';

type Kinds = Record<'idle' | 'one new', Growth>;

const width = 360;
const height = 200;
const highest = 2;
const limit = 1.3;

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 } .quiet { fill: #57606a }
  .ground { fill: #ffffff } .grid { stroke: #d0d7de } .limit { stroke: #cf222e; stroke-dasharray: 4 4 }
  .idle { stroke: #0969da } .new { stroke: #bc4c00 } .idle, .new { fill: none; stroke-width: 2 }
  .idle-dot { fill: #0969da } .new-dot { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .quiet { fill: #9198a1 } .ground { fill: #0d1117 } .grid { stroke: #3d444d } .limit { stroke: #f85149 }
    .idle { stroke: #4493f8 } .new { stroke: #db6d28 } .idle-dot { fill: #4493f8 } .new-dot { fill: #db6d28 }
  }`;

/** An SVG of what idle and one new message cost beside the smallest size, readable on light and dark grounds. */
export function drawGrowth(partitions: Kinds, histories: Kinds): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 310" role="img" aria-label="Cost of a sync by partitions and by length of history">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="880" height="310" rx="6"/>`,
    panel(50, 'monthly partitions', partitions),
    panel(490, 'messages of the user', histories),
    `<path class="idle" d="M50 295h24"/><text x="80" y="299">nothing has changed</text>`,
    `<path class="new" d="M230 295h24"/><text x="260" y="299">one new message</text>`,
    `<path class="limit" d="M400 295h24"/><text x="430" y="299">${limit} times the smallest</text>`,
    '</svg>\n',
  ].join('\n');
}

function panel(left: number, what: string, kinds: Kinds): string {
  const sizes = kinds.idle.points.map(({ size }) => size);
  const x = (nth: number) => (sizes.length < 2 ? width / 2 : (nth * width) / (sizes.length - 1));
  const y = (cost: number) => height - (Math.min(cost, highest) / highest) * height;
  const lines = [0, 0.5, 1, 1.5, 2].map(
    (cost) =>
      `<path class="grid" d="M0 ${y(cost)}h${width}"/><text class="quiet" x="-8" y="${y(cost) + 4}" text-anchor="end">${cost}×</text>`,
  );
  const labels = sizes.map(
    (size, nth) =>
      `<text class="quiet" x="${x(nth)}" y="${height + 18}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
  );
  const series = ([kind, name]: ['idle' | 'one new', string]) => {
    const at = kinds[kind].points.map(({ cost }, nth) => `${x(nth).toFixed(1)} ${y(cost).toFixed(1)}`);
    const dots = at.map((place) => `<circle class="${name}-dot" r="3.5" cx="${place.replace(' ', '" cy="')}"/>`);
    return `<path class="${name}" d="M${at.join('L')}"/>${dots.join('')}`;
  };
  return [
    `<g transform="translate(${left} 40)">`,
    `<text class="title" y="-16">Cost by ${what}</text>`,
    ...lines,
    `<path class="limit" d="M0 ${y(limit)}h${width}"/>`,
    ...labels,
    series(['idle', 'idle']),
    series(['one new', 'new']),
    '</g>',
  ].join('\n');
}
