# The bridge with its console and its keys, and nothing else of this repository. (An image of an agent would copy agent/ as well and start agent/main.ts.)

FROM node:20.20.2-slim AS packages
WORKDIR /bridge
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# What builds the console stays behind: the image has its files alone.
FROM node:20.20.2-slim AS console
WORKDIR /bridge
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY console console
RUN npm run build

FROM node:20.20.2-slim
WORKDIR /bridge
COPY --from=packages /bridge/node_modules node_modules
COPY --from=console /bridge/console/dist console/dist
COPY package.json package.json
COPY machine machine
COPY topics topics
COPY src src
COPY keys keys

# It writes no file at all, given a DATABASE_URL, so the root file system may be read-only and needs no tmpfs beside it:
# tsx would otherwise keep what it has compiled in /tmp, and end where it cannot.
# On all of the container's addresses it does not speak plain text unasked: give it TLS_CERT_FILE and TLS_KEY_FILE, or
# TRUST_PROXY, or ALLOW_INSECURE=true.
ENV NODE_ENV=production TSX_DISABLE_CACHE=1 HOST=0.0.0.0 PORT=3000
USER node
EXPOSE 3000

# /livez, not /readyz: a bridge whose database is away keeps its agents connected, and a restart would help nobody. With TLS
# the certificate is not looked at: it is not made out to 127.0.0.1, and nothing secret is sent.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require(process.env.TLS_CERT_FILE ? 'https' : 'http').get({ host: '127.0.0.1', port: process.env.PORT, path: '/livez', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]

# Node itself, not npm or a shell, gets the signal: then it ends its sessions cleanly, within 10 s.
STOPSIGNAL SIGTERM
CMD ["node", "--import", "tsx", "src/main.ts"]
