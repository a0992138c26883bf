/** What a lab is; types only, no code. */

/**
 * @typedef {any} Nested   a number, or lists of them as deep as the rank
 *
 * @typedef {object} Field   one thing that can be set: the address holds it, the controls show it, presets give it
 * @property {string} key
 * @property {'grid' | 'whole' | 'number' | 'choice' | 'flag'} kind
 * @property {any} start               the value before anything is chosen
 * @property {number=} rank            grids: 1, 2 (rows, columns), 3 (channels first) or 4 (kernels first)
 * @property {number=} least           smallest value; grids: fewest cells along a side (1)
 * @property {number=} most            largest value; grids: most cells along a side (64)
 * @property {number=} step            of the slider or the spinner
 * @property {boolean=} slider         numbers: shown as a slider
 * @property {string[]=} options       choices; their words are lab.<lab>.<key>_<option>, or the option itself
 * @property {string[]=} axes          grids: what their axes are called, as keys of texts; default: kernels, channels, rows,
 *   columns
 * @property {boolean=} hidden         kept in the address, but shown by the lab itself
 * @property {boolean=} secondary      where the strip has no room for all, it goes behind its "more" button first
 * @property {((values: Values) => boolean)=} when   whether it matters now
 *
 * @typedef {Record<string, any>} Values   field key -> value; grids are nested lists of numbers
 * @typedef {{op: string, body: Record<string, any>}} Asked   of POST /api/v1/ops/{op}
 * @typedef {{grid: string, index: number}} Spot   a cell of a plane of the figure, in row-major order
 *
 * @typedef {object} LabState
 * @property {string | null} preset
 * @property {Values} values
 * @property {string} view
 * @property {number | null} step      null: everything is shown
 * @property {boolean} play
 * @property {string | null} profile
 * @property {string} lang
 * @property {boolean} embed
 *
 * @typedef {object} LabScene   what a lab draws from
 * @property {LabState} state
 * @property {Values} values           state.values, for short
 * @property {string} view
 * @property {number | null} step
 * @property {Spot | null} hover       the cell that is pointed at
 * @property {any} answer              the API's answer to `ask`, null before the first; "NaN" and "Infinity" made numbers
 * @property {import('../../view/colors.js').Colours} colours
 * @property {string} lab
 * @property {Record<string, string>} texts     the lab's own words in the page's language
 * @property {(key: string, values?: Record<string, string | number>) => string} say   one of them, else of "lab.*" of the
 *   catalogue
 * @property {(changes: Values) => void} set    changes values: a new entry of the history
 * @property {(step: number | null) => void} go
 *
 * @typedef {object} Plane   a grid of numbers in the figure
 * @property {'plane'} kind
 * @property {string} id
 * @property {string} label
 * @property {number} rows
 * @property {number} columns
 * @property {ArrayLike<number>} cells
 * @property {string[]=} texts         what is printed instead of the numbers
 * @property {number} bound            of its colours
 * @property {((index: number) => [number, number, number])=} ground   pixels: the cell's colour itself, red, green and blue
 *   from 0 to 255
 * @property {((index: number) => string)=} mark   '' | 'window' | 'here' | 'reach' | 'winner' | 'won' | 'padding' | 'later' |
 *   'head' | 'fresh', several with blanks
 * @property {((index: number) => void)=} pick     a click or tap on a cell that cannot be edited
 * @property {{key: string, at: number[], inner?: [number, number, number, number], flat?: boolean}=} edits  the field and the
 *   leading indices that its cells are;
 * flat: the field is one list; inner: top, left, rows and columns of the part that can be edited, where the plane shows padding
 * around it
 * @property {object=} still           as long as it is the same object, cells, texts, bound, ground and mark say the same: only
 *   what lies over them is drawn anew
 * @property {[string, number[]][]=} over   marks that lie over those of `mark`, for what moves: a word and the cells that bear
 *   it
 * @property {number=} later           cells from this one on are not reached by the step; beside the mark of that name
 * @property {number=} at              the cell that a lens looks at; default: the middle of what is marked
 * @property {boolean=} thin           its border, outside `inner`, holds nothing but zeros and may be narrow
 * @property {boolean=} whole         never cut to a lens
 * @property {boolean=} map            set by the layout: colours alone
 * @property {string=} lens            set by the layout: it shows a part of the plane of this id
 * @property {number=} scale           cells this many times the usual
 * @property {number=} characters      cells are wide enough for at least so many, so that planes below each other line up
 *
 * @typedef {object} Frame   where a drawing stands, in px: as many cells of `wide` by `tall` as it asked for
 * @property {number} x
 * @property {number} y
 * @property {number} wide
 * @property {number} tall
 * @property {number} rows
 * @property {number} columns
 * @property {number} digits    size of a plane's digits; 0 where they would be too small
 * @property {number} text      size of words
 *
 * @typedef {object} Drawing   lines and bars over the columns of a plane: it is as wide as a plane of as many columns and
 *   characters
 * @property {'drawing'} kind
 * @property {string} id
 * @property {string} label
 * @property {number} rows             its height in cells, may be a fraction
 * @property {number} columns
 * @property {number=} characters
 * @property {(frame: Frame) => any[]} draw   SVG elements; drawn anew each time
 *
 * @typedef {{kind: 'sign', text: string}} Sign
 * @typedef {{kind: 'row' | 'column', items: Piece[], gap?: number, several?: {key: string, shown: number, beside?: 'row' | 'column'}}} Group
 *     gap in cells' text heights;
 * several: its items are channels of one thing; where there is no room for all, `shown` is in full and the others are small,
 * beside it or below ('column')
 * @typedef {{kind: 'words', lines: string[], strong?: boolean, size?: number}} Words   size: times the usual text
 * @typedef {Plane | Drawing | Sign | Group | Words} Piece
 *
 * @typedef {object} Lab
 * @property {Field[]} fields
 * @property {string[]=} views         the first is shown first; none: one view
 * @property {((view: string, values: Values) => boolean)=} offers    whether a view can be chosen with these values; default:
 *   always
 * @property {((values: Values, changed: string[]) => Values)=} adapt    what else has to change with these fields, such as a
 *   kernel's channels
 * @property {((values: Values) => Values)=} fit    what an address leaves at odds: lists that belong to a grid of another length
 * @property {(values: Values, view: string) => Asked | null} ask   what the engine is to compute; null: nothing
 * @property {(scene: LabScene) => number} steps    how many steps the player has here
 * @property {((scene: LabScene) => Piece | Piece[] | null)=} figure  grids and signs, laid out to fit the stage; of several
 *   arrangements the one with the largest cells; null: the stage draws
 * @property {((place: HTMLElement, scene: LabScene) => void)=} stage   instead of a figure: draws into the place itself, which
 *   is kept between calls
 * @property {(scene: LabScene) => (HTMLElement | null)[]} card         the arithmetic under the figure
 * @property {((scene: LabScene) => (HTMLElement | null)[])=} side      beside it: sizes, cost
 * @property {(scene: LabScene) => string} caption
 * @property {((scene: LabScene) => Record<string, Nested>)=} numbers   what the CSV holds, by name; default: the input and the
 *   output
 * @property {((scene: LabScene, spot: Spot) => number | null)=} stepAt  which step a cell of the figure stands for
 * @property {((file: Blob, scene: LabScene) => void)=} picture   what to do with a picture dropped or pasted; else it fills the
 *   first grid
 * @property {((scene: LabScene) => string)=} code   the PyTorch lines; default: the answer's
 */

export {};
