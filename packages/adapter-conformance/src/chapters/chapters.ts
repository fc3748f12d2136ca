import type { Chapter } from '../stage/stage.ts'
import { bearer } from './bearer.ts'
import { bodies } from './bodies.ts'
import { failures } from './failures.ts'
import { mount } from './mount.ts'
import { people } from './people.ts'
import { sameAnswers } from './same-answers.ts'

/** Every chapter, in the order of its parts of a request. */
export const chapters: readonly Chapter[] = [bearer, bodies, mount, people, failures, sameAnswers]
