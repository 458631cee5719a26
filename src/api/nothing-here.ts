import { problem } from './route.ts'

export const nothingHere = problem({ status: 404, code: 'not-found', detail: 'there is nothing here', advice: 'GET /api/v1/openapi.json says what there is' })
