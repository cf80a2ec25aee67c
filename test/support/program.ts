import { join } from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- the way to add to vitest's own
  export interface ProvidedContext {
    /** The directory with the programs as JavaScript. */
    compiled: string;
  }
}

/** What Node is to be started with for a TypeScript file of this project to run, such as `src/main.ts`. */
export const program = (file: string): string[] => ['--liftoff-only', join(inject('compiled'), file.replace(/\.ts$/, '.js'))];
