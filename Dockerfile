# The bridge, and nothing else of this repository. (An image of an agent would copy agent/ as well and start agent/main.ts.)

FROM node:20.20.2-slim AS packages
WORKDIR /bridge
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20.20.2-slim
WORKDIR /bridge
COPY --from=packages /bridge/node_modules node_modules
COPY package.json package.json
COPY machine machine
COPY topics topics
COPY src src

# It writes no file at all, given a DATABASE_URL, so the root file system may be read-only and needs no tmpfs beside it:
# tsx would otherwise keep what it has compiled in /tmp, and end where it cannot.
ENV NODE_ENV=production TSX_DISABLE_CACHE=1 HOST=0.0.0.0 PORT=3000
USER node
EXPOSE 3000

# /livez, not /readyz: a bridge whose database is away keeps its agents connected, and a restart would help nobody.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1))"]

# Node itself, not npm or a shell, gets the signal: then it ends its sessions cleanly, within 10 s.
STOPSIGNAL SIGTERM
CMD ["node", "--import", "tsx", "src/main.ts"]
