# Build: compile with the development tools, then keep only what runs.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY abi ./abi
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/lib ./lib
COPY package.json schema.graphql squid.yaml LICENSE ./
COPY db ./db
RUN mkdir -p /data && chown node:node /data
USER node
ENV SUBLEDGER_DATA_DIR=/data SUBLEDGER_API_HOST=0.0.0.0
VOLUME /data
EXPOSE 4350
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4350/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "lib/src/cli/main.js"]
CMD ["start"]
