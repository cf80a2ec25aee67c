import { plural } from '../plural.ts';

const count = plural('es');

/** What happens on the farm, as a list of sentences. Names and amounts come with their direction isolated. */
export const activity = {
  list: 'Lo ocurrido, lo más reciente primero',
  filters: 'Qué mostrar',
  types: { presence: 'Conexión', command: 'Órdenes', config: 'Ajustes', meal: 'Raciones', alarm: 'Alarmas' },
  site: 'Sitio',
  allSites: 'Todos los sitios',
  feeder: 'Alimentador',
  feederHint: 'Una parte de su nombre o de su id',
  hold: 'Detener la lista',
  release: 'Seguir',
  newer: (more: number) => count(more, { one: '# nueva', other: '# nuevas' }),
  heardNew: (more: number) => count(more, { one: '# entrada nueva', other: '# entradas nuevas' }),
  held: 'La lista está detenida y no se mueve. El resultado de las órdenes que contiene se sigue mostrando.',
  empty: 'No ha ocurrido nada en las dos horas anteriores a abrir esta página, ni desde entonces.',
  noneMatch: 'Nada de lo ocurrido coincide.',
  showAll: 'Mostrar todo',
  linkLost: 'La lista termina donde se perdió el enlace. Lo que ocurra entretanto se mostrará cuando vuelva.',
  /** Of a command that leaves nothing to be held. */
  carriedOut: 'hecho por el PLC',
  changed: { from: 'de', to: 'a' },
  sentences: {
    online: 'Se ha conectado.',
    offline: (why: string) => `Se ha desconectado: ${why}.`,
    changes: (who: string) => `${who} ha pedido cambiar ajustes.`,
    pause: (who: string) => `${who} ha pedido pausar la alimentación.`,
    resume: (who: string) => `${who} ha pedido reanudar la alimentación.`,
    feedNow: (who: string, grams: string) => `${who} ha pedido dar ${grams} ahora.`,
    clearAlarms: (who: string) => `${who} ha pedido borrar las alarmas.`,
    configLocal: 'Se han cambiado ajustes en el panel.',
    configStart: 'El agente ha arrancado y ha leído los ajustes.',
    meal: (grams: string, source: string) => `Ración de ${grams}, ${source}.`,
    mealOf: (grams: string, planned: string, source: string) => `Ración de ${grams}, de ${planned} previstos, ${source}.`,
    meals: (meals: number, grams: string) => `${count(meals, { one: '# ración', other: '# raciones' })}, ${grams} en total.`,
    booked: 'Hallada por los contadores del PLC.',
    alarmRaised: (alarm: string) => `Alarma: ${alarm}.`,
    alarmAcknowledged: (alarm: string, who: string) => `${who} ha visto la alarma: ${alarm}.`,
    alarmOver: (alarm: string) => `Fin de la alarma: ${alarm}.`,
  },
};
