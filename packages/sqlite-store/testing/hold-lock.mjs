// Holds the lock of a database for some milliseconds: node hold-lock.mjs FILE MS
import Database from 'libsql'

const [, , file = '', ms = '0'] = process.argv
const database = new Database(file)
database.exec('begin immediate')
process.stdout.write('locked\n')
setTimeout(() => {
  database.exec('rollback')
  database.close()
}, Number(ms))
