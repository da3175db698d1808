# The image of the API (slipway server) and of the worker (slipway worker).
FROM node:22-bookworm-slim AS build
WORKDIR /slipway
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY task-schemas task-schemas
COPY src src
COPY workers workers
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production SLIPWAY_DATA=/data SLIPWAY_HOST=0.0.0.0
# What fetches sources: git with ssh and LFS, and what unpacks archives.
RUN apt-get update \
 && apt-get install -y --no-install-recommends git git-lfs openssh-client ca-certificates xz-utils zstd bzip2 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /slipway
COPY --from=build /slipway/package.json ./
COPY --from=build /slipway/node_modules node_modules
COPY --from=build /slipway/dist dist
# The user "node" of the base image, as a number so that Kubernetes can tell that it is not root.
RUN mkdir /data && chown 1000:1000 /data
USER 1000:1000
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["server"]
