import type { TokenRecord } from '@tessera/core'
import { naiveStore } from '../../src/model/naive-store/naive-store.ts'
import { naiveState } from '../../src/model/naive-store/state.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { deciding, seeing } from '../broken/deciding.ts'

type Name = Pick<TokenRecord, 'owner' | 'id'>
type Meaning = (name: Name) => Name

/** Ways of databases to take texts for the same that are not. */
const FOLDS: Readonly<Record<string, (text: string) => string>> = {
  'without regard to case': (text) => text.toLowerCase(),
  'without their trailing blanks': (text) => text.trimEnd(),
}

const STEPS = ['find', 'revoke', 'suspend', 'resume', 'edit', 'rotate', 'completeRotation', 'rekey'] as const

/** The token that is meant, or else one whose owner or id folds to the same. */
function meaning({ records }: Readonly<NaiveState>, what: keyof Name, fold: (text: string) => string): Meaning {
  const other = what === 'owner' ? 'id' : 'owner'
  return (name) => {
    const alike = records.filter((record) => record[other] === name[other] && fold(record[what]) === fold(name[what]))
    return alike.find((record) => record[what] === name[what]) ?? alike[0] ?? name
  }
}

/** A store one of whose steps reaches tokens by texts that are only alike. */
function reaching(
  step: (typeof STEPS)[number] | 'recordUse',
  what: keyof Name,
  fold: (text: string) => string,
): () => StepsOnStore {
  return () => {
    const state = naiveState()
    const store = naiveStore(state)
    if (step === 'recordUse') {
      return {
        ...store,
        recordUse: (uses) =>
          store.recordUse(uses.map((use) => ({ ...use, ...nameOf(meaning(state, what, fold)(use)) }))),
      }
    }
    const through =
      <Rest extends unknown[], Answer>(run: (owner: string, id: string, ...rest: Rest) => Promise<Answer>) =>
      (owner: string, id: string, ...rest: Rest) => {
        const meant = meaning(state, what, fold)({ owner, id })
        return run(meant.owner, meant.id, ...rest)
      }
    const steps: Pick<StepsOnStore, (typeof STEPS)[number]> = {
      find: through(store.find),
      revoke: through(store.revoke),
      suspend: through(store.suspend),
      resume: through(store.resume),
      edit: through(store.edit),
      rotate: through(store.rotate),
      completeRotation: through(store.completeRotation),
      rekey: through(store.rekey),
    }
    return { ...store, [step]: steps[step] }
  }
}

const nameOf = ({ owner, id }: Name): Name => ({ owner, id })

function comparing(how: string, fold: (text: string) => string): BrokenStores {
  const steps = [...STEPS, 'recordUse'] as const
  return {
    ...Object.fromEntries(
      steps.flatMap((step) => [
        [`compares owners ${how} in ${step}`, reaching(step, 'owner', fold)] as const,
        [`compares ids ${how} in ${step}`, reaching(step, 'id', fold)] as const,
      ]),
    ),
    [`takes an id for taken by one that is the same ${how}`]: deciding((grounds) =>
      seeing(grounds, (record) => ({
        ...record,
        id: fold(record.id) === fold(grounds.record.id) ? grounds.record.id : record.id,
      })),
    ),
    [`counts the tokens of owners that are the same ${how}`]: deciding((grounds) =>
      seeing(grounds, (record) => ({
        ...record,
        owner: fold(record.owner) === fold(grounds.record.owner) ? grounds.record.owner : record.owner,
      })),
    ),
    [`shares keys between owners that are the same ${how}`]: brokenIn((store, state) => ({
      findRequest(owner, request, now) {
        const kept = state.requests.find((each) => fold(each.owner) === fold(owner) && each.key === request.key)
        return store.findRequest(kept?.owner ?? owner, request, now)
      },
    })),
    [`spares in bulk what has the same id ${how}`]: brokenIn((store, state) => ({
      revokeAll(owner, selection) {
        const { exceptId } = selection
        const former = state.records
        const isSpared = ({ id }: TokenRecord) => exceptId !== null && fold(id) === fold(exceptId)
        state.records = former.filter((record) => !isSpared(record))
        const answer = store.revokeAll(owner, selection)
        state.records = [...state.records, ...former.filter(isSpared)]
        return answer
      },
    })),
    [`revokes in bulk for owners that are the same ${how}`]: brokenIn((store, state) => ({
      async revokeAll(owner, selection) {
        const alike = new Set(state.records.map((record) => record.owner).filter((each) => fold(each) === fold(owner)))
        alike.delete(owner)
        const answer = await store.revokeAll(owner, selection)
        for (const each of alike) await store.revokeAll(each, { ...selection, idempotency: null })
        return answer
      },
    })),
  }
}

export const similarTexts: BrokenStores = Object.assign(
  {},
  ...Object.entries(FOLDS).map(([how, fold]) => comparing(how, fold)),
)
