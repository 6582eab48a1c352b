import type { FastifyInstance } from 'fastify'

/** Liveness: the process answers. Readiness: it also wants more work. Neither needs a caller. */
export function useHealth(server: FastifyInstance, isReady: () => boolean): void {
  server.get('/health/live', { exposeHeadRoute: true }, () => ({ status: 'live' }))
  server.get('/health/ready', { exposeHeadRoute: true }, (_request, reply) => {
    const ready = isReady()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'draining' })
  })
}
