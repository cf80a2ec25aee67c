import type { RequestHandler } from 'express';
import helmet from 'helmet';

const NOTHING = ["'none'"];
const FROM_HERE = ["'self'"];

/** What an answer is that is no page: nothing in it may be run, shown in a frame, or loaded from elsewhere. */
const NO_PAGE = { 'default-src': NOTHING, 'frame-ancestors': NOTHING };
/** A page may load and ask what is on this bridge, and nothing else; pictures in a style sheet are data. No script or style may stand in it. */
const OWN_PAGE = {
  ...NO_PAGE,
  'script-src': FROM_HERE,
  'style-src': FROM_HERE,
  'img-src': [...FROM_HERE, 'data:'],
  'connect-src': FROM_HERE,
  'worker-src': FROM_HERE,
  'manifest-src': FROM_HERE,
  'base-uri': NOTHING,
  'form-action': NOTHING,
};

const withPolicy = (directives: Record<string, string[]>): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    frameguard: { action: 'deny' },
    // It is said below, where it is heeded; and the rest is for browsers that are no more.
    hsts: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
  });

const byHttpsOnly = helmet.hsts({ maxAge: 365 * 24 * 3600, includeSubDomains: false });

/**
 * Tells browsers to make nothing of an answer but what it is, and nobody to keep it: what is answered depends on the
 * key. One that came by HTTPS, here or at a trusted proxy, asks for HTTPS from then on.
 */
export function protect(): RequestHandler {
  const protectedBy = withPolicy(NO_PAGE);
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    protectedBy(request, response, (error) => {
      if (error === undefined && request.secure) byHttpsOnly(request, response, next);
      else next(error);
    });
  };
}

/** No page of ours asks for any of these, nor may what gets into one. */
const NO_DEVICES = ['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'microphone', 'midi', 'payment', 'serial', 'usb']
  .map((device) => `${device}=()`)
  .join(', ');

/** For the files of a page of our own, behind `protect`: it may load its scripts, styles and data from here; they may be kept, and are asked for anew. */
export function protectPage(): RequestHandler {
  const protectedBy = withPolicy(OWN_PAGE);
  return (request, response, next) => {
    response.set({ 'Cache-Control': 'no-cache', 'Permissions-Policy': NO_DEVICES });
    protectedBy(request, response, next);
  };
}
