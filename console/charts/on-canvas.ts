import type { Plot } from './uplot.ts';

/** Draws within the area of a chart, and leaves the canvas as it was. */
export function inside(plot: Plot, draw: (canvas: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

export function dashed(canvas: CanvasRenderingContext2D, colour: string, width: number): void {
  canvas.strokeStyle = colour;
  canvas.lineWidth = width * devicePixelRatio;
  canvas.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
}

/** Slanting lines, so that it is told from a plain area without its colour. */
export function hatched(colour: string, ground: string): CanvasPattern | string {
  const size = Math.round(8 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const canvas = tile.getContext('2d');
  if (canvas === null) return colour;
  canvas.fillStyle = ground;
  canvas.fillRect(0, 0, size, size);
  canvas.strokeStyle = colour;
  canvas.lineWidth = size / 3;
  canvas.beginPath();
  for (const shift of [-size, 0, size]) {
    canvas.moveTo(shift - size / 2, size * 1.5);
    canvas.lineTo(shift + size * 1.5, -size / 2);
  }
  canvas.stroke();
  return canvas.createPattern(tile, 'repeat') ?? colour;
}
