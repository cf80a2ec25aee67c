import { render } from 'preact';
import { startAppearance } from './device/appearance.ts';
import { startClock } from './device/clock.ts';
import { keepConsole } from './device/new-version.ts';
import { startRoute } from './device/route.ts';
import { Console } from './screens/console.tsx';
import { resumeSession } from './session/session.ts';
import { watchSessionEnd } from './session/session-end.ts';
import { signInFromAddress } from './session/sign-in-from-address.ts';
import './styles/theme.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';

const place = document.getElementById('console');
if (place === null) throw new Error('expected the page to have an element with the id "console"');

// Whatever the address brings to sign in with is taken out of it before anything else reads it.
const isSigningIn = signInFromAddress();
addEventListener('hashchange', signInFromAddress);
await startAppearance();
startClock();
startRoute();
watchSessionEnd();
render(<Console />, place);
await Promise.all([keepConsole(), isSigningIn ? undefined : resumeSession()]);
