# The service.
FROM node:20-bookworm AS build
WORKDIR /outdial
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src/ src/
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
WORKDIR /outdial
ENV NODE_ENV=production
COPY --from=build /outdial/package.json ./
COPY --from=build /outdial/node_modules/ node_modules/
COPY --from=build /outdial/dist/ dist/
COPY models/*.onnx models/*.json models/
COPY dialplan/ dialplan/
COPY sounds/ sounds/
# Configuration and data; must belong to the user below.
VOLUME /etc/outdial /var/lib/outdial
USER node
ENTRYPOINT ["node", "dist/cli/outdial.js"]
CMD ["serve", "--config", "/etc/outdial/outdial.yaml"]
