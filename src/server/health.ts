import type { FastifyInstance } from 'fastify'

/** Live: the process responds. Ready: it also accepts new work. Neither needs credentials. */
export function useHealth(server: FastifyInstance, isReady: () => boolean): void {
  server.get('/health/live', { exposeHeadRoute: true }, () => ({ status: 'live' }))
  server.get('/health/ready', { exposeHeadRoute: true }, (_request, reply) => {
    const ready = isReady()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'draining' })
  })
}
