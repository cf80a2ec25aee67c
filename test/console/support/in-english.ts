import { en } from '../../../console/words/en.ts';
import { words } from '../../../console/words/words.ts';

// For tests of what the console says: in English, as if its catalogue had been loaded.
words.value = en;
