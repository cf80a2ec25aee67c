import { correction, generate } from 'lean-qr/nano';
import type { JSX } from 'preact';

/** What a reader needs around the code, in modules. */
const QUIET_ZONE = 4;

/** A text as a QR code: dark on white in all colours, for a camera sees it. `label` says what it is for. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const modules = generate(text, { minCorrectionLevel: correction.M });
  const size = modules.size + 2 * QUIET_ZONE;
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path fill="#000" d={pathOf(modules)} />
    </svg>
  );
}

/** The dark modules as one path, a square for each. */
function pathOf({ size, get }: { size: number; get: (x: number, y: number) => boolean }): string {
  const squares: string[] = [];
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (get(x, y)) squares.push(`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`);
  return squares.join('');
}
