import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_} from "@subsquid/typeorm-store"

/**
 * The frozen specification of a submission. Projection `autoresearch_submissions` (platform log).
 */
@Index_(["netuid", "submissionId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchReplaySpec {
    constructor(props?: Partial<AutoresearchReplaySpec>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    submissionId!: string

    /**
     * without private values
     */
    @JSONColumn_({nullable: false})
    spec!: unknown

    @StringColumn_({nullable: false})
    specHash!: string

    @StringColumn_({nullable: false})
    envSha256!: string

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
