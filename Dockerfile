# The whole service in one image. `test/drill/image.test.ts` does the same steps without Docker, so they are known to work.
FROM node:24

WORKDIR /puente
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY puente.js LICENSE ./
COPY src ./src
COPY locales ./locales
COPY content ./content

# Made here once, so that the first question after a start meets the trained matcher.
ENV MODEL_DIR=/puente/model
RUN node puente.js model build

# Numbers and replies lie sealed in /data: mount a volume there, and give the secret by the environment.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
ENV NODE_ENV=production HOST=0.0.0.0 DATABASE_URL=sqlite:/data/puente.db
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s CMD node -e "fetch('http://127.0.0.1:3000/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
# What a start leaves behind is collected in small steps, as `npm start` does: 100 MB less.
CMD ["node", "--max-semi-space-size=4", "puente.js", "serve"]
