import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * Value of one hyperparameter from one change to the next. Projection `hyperparameters`.
 */
@Index_(["netuid", "name", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Hyperparameter {
    constructor(props?: Partial<Hyperparameter>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @StringColumn_({nullable: false})
    name!: string

    /**
     * JSON: integers as decimal strings, flags as booleans, anything else as canonical JSON text
     */
    @JSONColumn_({nullable: false})
    value!: unknown

    /**
     * event | call | snapshot
     */
    @StringColumn_({nullable: false})
    source!: string

    /**
     * changed | dissolved
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
