# The image of `npm run image`, for those who have a container engine: the same program lists the same files.
FROM node:26-bookworm-slim AS build
WORKDIR /waystone
COPY . .
RUN npm ci --omit=dev && bin/node scripts/image/main.ts --tree /image

FROM scratch
LABEL org.opencontainers.image.title=waystone org.opencontainers.image.licenses=Apache-2.0
COPY --from=build /image/runtime/ /
COPY --from=build /image/dependencies/ /
COPY --from=build /image/code/ /
ENV PATH=/usr/local/bin MALLOC_ARENA_MAX=2
USER 1337:1337
WORKDIR /
ENTRYPOINT ["/usr/local/bin/waystone"]
